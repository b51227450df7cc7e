// Adds a run's counts to the file named by BYTESPIKE_TEST_COUNTS, so that `npm test` can close with one total.
import { appendFileSync } from 'node:fs';

export default class CountReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.BYTESPIKE_TEST_COUNTS;
    if (!file) return;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    appendFileSync(file, `${results.numPassedTests} ${failed}\n`);
  }
}
