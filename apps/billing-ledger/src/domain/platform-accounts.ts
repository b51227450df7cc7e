/**
 * The platform's side of every transaction, by name. They have no row, because a row would be hot: each is the sum of its
 * entries. A wallet's money is positive, so what the platform owns or has given away is negative, and what it has earned
 * or paid out is positive.
 */
export const PLATFORM = {
  /** Negative: what came in for wallets, paid or credited by an operator. */
  funding: 'platform:funding',
  /** Negative: what was given on top of payments. */
  promotion: 'platform:promotion',
  /** Positive: what went back to customers. */
  refund: 'platform:refund',
  /** Negative: what went back to customers and their wallets no longer had. */
  refundLoss: 'platform:refund-loss',
  /** Positive: what requests cost. */
  revenue: 'platform:revenue',
  /** Negative: what requests cost beyond their holds. */
  overrun: 'platform:overrun',
  /** Negative: what of charges was given back; positive: what doubted requests were charged after all. */
  correction: 'platform:correction',
  /** Negative: what vendors bill us, as their exports say. */
  vendorCost: 'platform:vendor-cost',
  /** Positive: what we owe vendors for it. */
  vendorPayable: 'platform:vendor-payable',
} as const;
