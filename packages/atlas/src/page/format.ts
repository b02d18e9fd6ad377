const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 12288 → 12,288 */
export function count(value: number): string {
  return whole.format(value);
}

/** Three significant digits without an exponent: 0.0123, 1.46, 312. */
export function measure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 6 });
}

/** So many decimals, with a minus and not a hyphen: −0.009. */
export function fixed(value: number, digits: number): string {
  return value.toFixed(digits).replace("-", "−");
}

/** 0.0123 → 1.2 % */
export function percent(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const scaled = value * 100;
  const digits = scaled >= 10 || scaled === 0 ? 0 : scaled >= 1 ? 1 : 2;
  return `${scaled.toFixed(digits)} %`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A number that a visitor may have written, brought between two; `otherwise` where it is none. */
export function numberWithin(text: string, low: number, high: number, otherwise: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise;
}
