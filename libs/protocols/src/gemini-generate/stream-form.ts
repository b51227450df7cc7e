import type { StreamForm } from '../meter/stream-reader.js';

/** How a client with this query reads a stream: as one JSON list of the chunks, unless it asks for events (protocols 1.4). */
export const streamForm = (query: string): StreamForm => (/(^|&)alt=sse(&|$)/.test(query) ? 'events' : 'list');
