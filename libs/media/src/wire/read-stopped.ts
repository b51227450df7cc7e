import type { VendorAnswer } from '@bytespike/protocols';

/** Whether a render was stopped; a refusal says that it had ended, and anything else says nothing. */
export function readStopped({ status }: VendorAnswer): 'stopped' | 'too-late' | 'unclear' {
  if (status >= 200 && status <= 299) return 'stopped';
  return status === 400 || status === 404 || status === 409 ? 'too-late' : 'unclear';
}
