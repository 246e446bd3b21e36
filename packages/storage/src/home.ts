import { homedir } from 'node:os';

/**
 * AWS's SDK looks for shared files in the user's home, whatever the credentials, and where the system knows none its failure
 * ends the process. A container that sets one for such users sets this one.
 */
export function setMissingHome(): void {
  try {
    homedir();
  } catch {
    Object.assign(process.env, { HOME: '/' });
  }
}
