import { text } from '../declare/kinds.ts';

export const GRANTS_CALL_TYPE = text({
  group: 'What',
  help: 'the call type',
  placeholder: 'name',
  required: true,
});
