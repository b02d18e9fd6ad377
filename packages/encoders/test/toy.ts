/** A vision transformer of two blocks that is built from weights. */

import { architectureSchema } from "@optogram/encoders";

const architecture = { family: "vit", patch: 8, size: 32, width: 16, depth: 2, heads: 2 };

export const toyArchitecture = architectureSchema.parse(architecture);

/** Without weights. */
export const toyCard = {
  name: "toy-vit",
  title: "A toy",
  architecture,
  input: { preprocessing: { size: 32, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } },
  normalised: true,
};
