import { describeAlarm } from '../testing/describe-alarm.js';
import { MemoryAlarm } from '../testing/memory-alarm.js';

describeAlarm('in memory', async () => {
  const alarm = new MemoryAlarm();
  return { alarm, stop: () => alarm.close() };
});
