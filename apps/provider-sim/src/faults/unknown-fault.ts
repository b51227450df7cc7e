/** A fault was asked for that does not exist; the simulator says so instead of behaving well. */
export class UnknownFault extends Error {}
