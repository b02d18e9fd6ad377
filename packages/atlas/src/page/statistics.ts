const z95 = 1.959964;

/**
 * 95 % interval of an AUROC after Hanley & McNeil (1982): the variance of the rank statistic under exponential scores.
 * The images that do not show the kind outnumber those that do by far, so their share of the variance is left out.
 * @param images images that show the kind
 */
export function aurocInterval(auroc: number, images: number): { low: number; high: number } {
  const q = (2 * auroc ** 2) / (1 + auroc);
  const error = z95 * Math.sqrt(Math.max(0, q - auroc ** 2) / Math.max(1, images));
  return { low: Math.max(0, auroc - error), high: Math.min(1, auroc + error) };
}
