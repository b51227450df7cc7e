import { IMAGE_VENDORS, VIDEO_VENDORS } from './registry.js';
import { NOW, vendorAnswer } from './testing/answers.js';
import { answerFixtures } from './testing/fixtures.js';

const films = Object.entries(VIDEO_VENDORS).map(([wire, vendor]) => ({ wire, vendor }));
const drawings = Object.entries(IMAGE_VENDORS).map(([wire, vendor]) => ({ wire, vendor }));

describe.each(films)('$wire', ({ wire, vendor }) => {
  it.each(answerFixtures(wire, 'submit'))('reads the answer to a submit: $name', ({ status, body, means }) => {
    expect(vendor.submit.answer(vendorAnswer(status, body))).toEqual(means);
  });

  it.each(answerFixtures(wire, 'status'))('reads how a render is: $name', ({ status, body, means }) => {
    expect(vendor.status?.answer(vendorAnswer(status, body), { submittedAt: NOW - 60_000 })).toEqual(means);
  });
});

describe.each(drawings)('$wire', ({ wire, vendor }) => {
  it.each(answerFixtures(wire, 'submit'))('reads the answer to a submit: $name', ({ status, body, means }) => {
    expect(vendor.submit.answer(vendorAnswer(status, body))).toEqual(means);
  });
});
