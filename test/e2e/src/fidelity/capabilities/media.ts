import { user } from '../neutral.js';
import { hold, holdThat, PIXEL, type Capability } from './capability.js';

const IMAGE = { type: 'image', mime: 'image/png', data: PIXEL } as const;
const ADDRESS = { type: 'image-address', url: 'https://images.example/pixel.png' } as const;
const PDF = { type: 'pdf', data: Buffer.from('%PDF-1.4 one page').toString('base64') } as const;

/** What is shown. */
export const media: readonly Capability[] = [
  {
    name: 'image inline',
    mayLose: ['L14'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('see', IMAGE)] });
      hold('the image', received.images, [`image/png ${PIXEL}`]);
      holdThat('the answer', answered.text.includes('image/png of'));
    },
  },
  {
    name: 'image by address',
    mayLose: ['L10'],
    run: async ({ send }) => {
      const { received } = await send({ turns: [user('see', ADDRESS)] });
      hold('the address', received.images, [ADDRESS.url]);
    },
  },
  {
    name: 'PDF',
    mayLose: ['L14'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('see', PDF)] });
      hold('the document', received.pdfs, 1);
      holdThat('the answer', answered.text.includes('application/pdf'));
    },
  },
];
