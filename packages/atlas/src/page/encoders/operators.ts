import type { SiteOperators } from "@optogram/render-atlas/site";
import { once } from "../data/load.ts";
import { number, readWhere, readWhole, textOrNull } from "../data/tables.ts";

export interface Eigenvalue {
  readonly re: number;
  readonly im: number;
}

/** A mean ΔE over images with its 95 % interval. */
export interface Mean {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Of doing nothing. */
  readonly baseline: boolean;
}

export interface Operator {
  readonly key: string;
  readonly name: string;
  /** Eigenvalues by falling modulus. */
  readonly eigenvalues: readonly Eigenvalue[];
  /** ‖X Q − Y‖ / ‖Y‖ on images that it was not fitted on. */
  readonly error: number;
  readonly theory: string | null;
  /** Share of eigenvalues where the theory has them. */
  readonly asPredicted: number;
}

export interface ChangeFindings {
  readonly operators: readonly Operator[];
  readonly means: readonly Mean[];
  /** R(f(T(x))) from T(x): what the painting itself costs. */
  readonly own: Mean | undefined;
  /** T(x) from x. */
  readonly change: Mean | undefined;
}

const operatorNames: Readonly<Record<string, string>> = {
  identity: "no operator",
  orthogonal: "orthogonal",
  "self-adjoint-nearest": "self-adjoint, nearest",
  "self-adjoint": "self-adjoint, best",
  "least-squares": "least squares",
};

export function nameOfOperator(key: string): string {
  return operatorNames[key] ?? key;
}

const changeNames: Readonly<Record<string, string>> = {
  swap: "red and blue swapped",
  "blue-1": "blue × 0.9",
  "blue-4": "blue × 0.9, four times",
  "blue-8": "blue × 0.9, eight times",
  "blue-12": "blue × 0.9, twelve times",
  colourise: "grey to colour",
  "hue-90": "hue turned by 90°",
  dim: "brightness × 0.6",
  flip: "left for right",
};

/** Changes of the user's own have but their names. */
export function nameOfChange(key: string): string {
  return changeNames[key] ?? key;
}

/** What was found of a change, by its position. */
export function loadChange(site: SiteOperators, change: number): Promise<ChangeFindings> {
  return once(`operators ${site.channels.url} ${change}`, async () => {
    const [maps, means, eigenvalues] = await Promise.all([
      once(`operators ${site.tables.maps.url}`, () => readWhole(site.tables.maps)),
      once(`operators ${site.tables.means.url}`, () => readWhole(site.tables.means)),
      readWhere(site.tables.eigenvalues, "change", change),
    ]);
    const ofChange = means
      .filter((row) => number(row, "change") === change)
      .map((row) => {
        const key = textOrNull(row, "what") ?? "";
        const [value, low, high] = ["delta_e", "low", "high"].map((column) => number(row, column));
        return {
          ...{ key, name: nameOfOperator(key), n: number(row, "n"), baseline: key === "identity" },
          ...{ value: value!, low: low!, high: high! },
        };
      });
    return {
      operators: maps
        .filter((row) => number(row, "change") === change)
        .map((row) => {
          const key = textOrNull(row, "operator") ?? "";
          return {
            ...{ key, name: nameOfOperator(key), theory: textOrNull(row, "theory") },
            eigenvalues: eigenvalues
              .filter((one) => one.operator === key)
              .map((one) => ({ re: number(one, "real"), im: number(one, "imaginary") })),
            error: number(row, "unseen_error"),
            asPredicted: number(row, "as_predicted"),
          };
        }),
      means: ofChange.filter(({ key }) => site.operators.includes(key)),
      own: ofChange.find(({ key }) => key === "changed-repainted"),
      change: ofChange.find(({ key }) => key === "change"),
    };
  });
}
