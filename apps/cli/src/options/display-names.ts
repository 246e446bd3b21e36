import { text } from '../declare/kinds.ts';

export const DISPLAY_NAMES = text({
  group: 'What',
  help: 'a JSON or CSV file of user id, display name and avatar; ids, the default, shows these',
  placeholder: 'file',
  completes: 'file',
  example: 'names.json',
});
