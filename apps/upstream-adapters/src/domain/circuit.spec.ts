import { admit, began, closedCircuit, observe, type Circuit } from './circuit.js';

const times = (count: number, result: 'served' | 'failed', now: number, circuit: Circuit): Circuit =>
  Array.from({ length: count }).reduce<Circuit>((state) => observe(state, result, now), circuit);

describe('the circuit', () => {
  it('stays closed below twenty samples and at half of them failed', () => {
    expect(times(19, 'failed', 0, closedCircuit).state).toBe('closed');
    expect(times(10, 'failed', 0, times(10, 'served', 0, closedCircuit)).state).toBe('closed');
    expect(times(11, 'failed', 0, times(10, 'served', 0, closedCircuit)).state).toBe('open');
  });

  it('forgets what is older than half a minute', () => {
    const old = times(19, 'failed', 0, closedCircuit);
    expect(times(19, 'failed', 31_000, old).state).toBe('closed');
    expect(times(1, 'failed', 29_000, old).state).toBe('open');
  });

  it('opens for five seconds, then for twice as long, up to a minute', () => {
    let circuit = times(20, 'failed', 0, closedCircuit);
    const spans: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const now = circuit.until;
      expect(admit(circuit, now - 1).admitted).toBe(false);
      const probing = admit(circuit, now);
      expect(probing.admitted).toBe(true);
      circuit = observe(probing.circuit, 'failed', now);
      spans.push(circuit.until - now);
    }
    expect(spans).toEqual([10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('lets one call at a time probe it', () => {
    const open = times(20, 'failed', 0, closedCircuit);
    const { circuit } = admit(open, 5_000);
    expect(circuit.state).toBe('half-open');
    expect(admit(circuit, 5_001).admitted).toBe(false);
    expect(admit(observe(circuit, 'neither', 5_002), 5_003).admitted).toBe(true);
    expect(observe(circuit, 'served', 5_002)).toEqual(closedCircuit);
  });

  it('lets everybody pass when the probe has begun to be answered, and opens for longer if nothing comes of it', () => {
    const { circuit } = admit(times(20, 'failed', 0, closedCircuit), 5_000);
    const begun = began(circuit);
    expect(admit(begun, 5_001)).toEqual({ admitted: true, circuit: begun });
    const again = times(20, 'failed', 6_000, begun);
    expect(again).toMatchObject({ state: 'open', until: 16_000 });
    const served = observe(begun, 'served', 5_500);
    expect(times(20, 'failed', 6_000, served)).toMatchObject({ state: 'open', until: 11_000 });
  });

  it('is not moved by a stream that begins while it is closed or open', () => {
    const open = times(20, 'failed', 0, closedCircuit);
    expect([began(open), began(closedCircuit)]).toEqual([open, closedCircuit]);
  });

  it('lets another call probe when nothing is heard of the first', () => {
    const { circuit } = admit(times(20, 'failed', 0, closedCircuit), 5_000);
    expect(admit(circuit, 5_000 + 29_999).admitted).toBe(false);
    expect(admit(circuit, 5_000 + 30_000).admitted).toBe(true);
  });
});
