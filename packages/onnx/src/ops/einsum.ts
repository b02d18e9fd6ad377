/** The letters of an einsum equation, with those that an ellipsis stands for. */

const spare = [..."ZYXWVUTSRQPONMLKJIHGFEDCBA"];

/** Every operand's axes by name, and the result's; `...` becomes letters that the equation does not use. */
export function namedAxes(
  equation: string,
  ranks: readonly number[],
): { inputs: readonly string[]; output: string } {
  const compact = equation.replaceAll(" ", "");
  const [left, right] = compact.split("->");
  const terms = left.split(",");
  const hidden = terms.map((term, i) =>
    term.includes("...") ? ranks[i] - term.replace("...", "").length : 0,
  );
  const widest = Math.max(...hidden);
  const free = spare.filter((letter) => !compact.includes(letter)).slice(0, widest);
  const inputs = terms.map((term, i) => term.replace("...", free.slice(widest - hidden[i]).join("")));
  return { inputs, output: (right ?? implicitOutput(left)).replace("...", free.join("")) };
}

/** NumPy's rule without "->": an ellipsis first, then the letters that occur once, in order. */
function implicitOutput(left: string): string {
  const letters = [...left.replaceAll(/[,.]/g, "")];
  const once = letters.filter((l) => letters.indexOf(l) === letters.lastIndexOf(l)).sort();
  return `${left.includes("...") ? "..." : ""}${once.join("")}`;
}
