import type { SiteGrid, SiteOperators } from "@optogram/render-atlas/site";
import { Fragment, Suspense, use, useMemo } from "react";
import { measure, percent } from "../format.ts";
import { Chart } from "../parts/chart.tsx";
import { eigenvaluePlane, operatorBars } from "./charts.ts";
import { useChoices } from "./choices.ts";
import { Cut } from "./cut.tsx";
import { loadChange, nameOfChange, nameOfOperator, type Operator } from "./operators.ts";

function idOf({ encoder, layer }: SiteOperators): string {
  return layer === "last" ? encoder : `${encoder}@${layer}`;
}

/** Changes of pictures done on tokens: of a chosen encoder, a chosen change before and after. */
export function Operators({ all }: { all: readonly SiteOperators[] }) {
  const [chosen, choose] = useChoices();
  const site = all.find((one) => idOf(one) === chosen.operators) ?? all[0]!;
  const change = Math.max(
    0,
    site.changes.findIndex(({ name }) => name === chosen.change),
  );
  const { name } = site.changes[change]!;
  return (
    <section className="operators">
      <h2>Can an image be changed by its tokens alone?</h2>
      <p className="lead">
        In place of changing the picture, one matrix is applied to every token, and the picture is painted
        from what comes out. If it looks like the changed picture, the change is a simple motion in the
        encoder’s space. No operator saw a painting while it was fitted.
      </p>
      <div className="encoders-choice">
        <label>
          Encoder
          <select value={idOf(site)} onChange={({ target }) => choose({ operators: target.value })}>
            {all.map((one) => (
              <option key={idOf(one)}>{idOf(one)}</option>
            ))}
          </select>
        </label>
        <label>
          Change
          <select value={name} onChange={({ target }) => choose({ change: target.value })}>
            {site.changes.map(({ name }) => (
              <option key={name} value={name}>
                {nameOfChange(name)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <BeforeAndAfter site={site} change={change} />
      <Suspense fallback={<div className="ghost operators-ghost" />}>
        <Findings site={site} change={change} />
      </Suspense>
      <Channels site={site} change={change} />
    </section>
  );
}

function BeforeAndAfter({ site, change }: { site: SiteOperators; change: number }) {
  const { name, sheet } = site.changes[change]!;
  const above: Readonly<Record<string, readonly [title: string, what: string]>> = {
    image: ["the image", "as it is"],
    changed: ["the image, changed", nameOfChange(name)],
    repainted: ["painted", "from its own tokens"],
    "changed-repainted": ["painted, changed", "from the changed image’s tokens: what operators are to reach"],
    identity: [nameOfOperator("identity"), "its own tokens as they are: the baseline"],
  };
  return (
    <div className="paintings" style={{ "--images": sheet.columns } as React.CSSProperties}>
      {sheet.rows.map((row) => {
        const [title, what] = above[row] ?? [nameOfOperator(row), "from its own tokens behind this operator"];
        return (
          <Fragment key={row}>
            <h3>
              {title}
              <small>{what}</small>
            </h3>
            <SheetRow
              sheet={sheet}
              row={row}
              alt={`${title}, ${what}: ${sheet.columns} images side by side`}
            />
          </Fragment>
        );
      })}
    </div>
  );
}

function SheetRow({ sheet, row, alt }: { sheet: SiteGrid; row: string; alt: string }) {
  const { width, height, columns, rows, gap } = sheet;
  const [across, down] = [(width + gap) / columns, (height + gap) / rows.length];
  const y = rows.indexOf(row) * down;
  return (
    <div className="paintings-row" role="img" aria-label={alt}>
      {Array.from({ length: columns }, (_, column) => (
        <Cut
          // biome-ignore lint/suspicious/noArrayIndexKey: a picture is its place
          key={column}
          sheet={sheet}
          at={{ x: column * across, y, width: across - gap, height: down - gap }}
        />
      ))}
    </div>
  );
}

function Findings({ site, change }: { site: SiteOperators; change: number }) {
  const found = use(loadChange(site, change));
  const { means, own, change: most, operators } = found;
  const draw = useMemo(() => operatorBars(means, own, most), [means, own, most]);
  return (
    <>
      <h3>How far from the changed image?</h3>
      <Chart
        draw={draw}
        label={`Mean ΔE 2000 from the changed image: ${means.map(({ name, value }) => `${name} ${measure(value)}`).join(", ")}`}
        caption={
          <>
            <ul className="legend">
              <li className="key-bar">operator, with the 95 % interval of its mean</li>
              <li className="key-bar key-grey">no operator</li>
              {own && (
                <li className="key-dashes">
                  the reconstructor’s own distortion, {measure(own.value)}: painted from the changed image’s
                  own tokens
                </li>
              )}
              {most && <li className="key-dots">the change itself, {measure(most.value)}</li>}
            </ul>
            ΔE 2000 is the distance of two colours as they are seen; about 2 is just visible. Over{" "}
            {site.images} images that no operator was fitted on.
          </>
        }
      />
      <h3>Eigenvalues</h3>
      <p className="faint">{theoryOf(operators)}</p>
      <div className="planes">
        {operators
          .filter(({ key }) => key !== "identity")
          .map((operator) => (
            <Plane key={operator.key} operator={operator} />
          ))}
      </div>
    </>
  );
}

const theories: Readonly<Record<string, string>> = {
  signs: "Twice this change is no change, so its operator’s eigenvalues should be 1 or −1.",
  shrinks:
    "Repeated, this change takes something away for good, so its operator’s eigenvalues should be 1 or lie within the unit circle.",
};

function theoryOf(operators: readonly Operator[]): string {
  const theory = operators.find(({ theory }) => theory !== null)?.theory ?? "";
  return `${theories[theory] ?? "Theory says nothing of this change’s eigenvalues."} The circle is the unit circle; hollow dots lie beyond the edge.`;
}

function Plane({ operator }: { operator: Operator }) {
  const { name, eigenvalues, theory, asPredicted, error } = operator;
  const draw = useMemo(() => eigenvaluePlane(eigenvalues), [eigenvalues]);
  const said = theory === null ? "" : `${percent(asPredicted)} lie where theory has them`;
  return (
    <Chart
      draw={draw}
      label={`${eigenvalues.length} eigenvalues of the operator ${name} in the complex plane${said && `: ${said}`}`}
      caption={
        <>
          <b>{name}</b>: {said && `${said}; `}
          {percent(error)} of the tokens’ length is missed on unseen images
        </>
      }
    />
  );
}

function Channels({ site, change }: { site: SiteOperators; change: number }) {
  const { channels, changes } = site;
  return (
    <>
      <h3>The channels that move most</h3>
      <p className="faint">
        One image, and the channels of its tokens that the change moves most, each from its least (black) to
        its largest value (white).
      </p>
      <div className="paintings" style={{ "--images": channels.columns } as React.CSSProperties}>
        {["before", "after"].map((when) => (
          <Fragment key={when}>
            <h3>{when}</h3>
            <SheetRow
              sheet={channels}
              row={`${changes[change]!.name} ${when}`}
              alt={`The first image and its ${channels.columns - 1} most moved channels ${when} the change`}
            />
          </Fragment>
        ))}
      </div>
    </>
  );
}
