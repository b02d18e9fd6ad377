import type { SiteEvaluation } from "@optogram/render-atlas/site";
import { Fragment } from "react";
import { kept, listed } from "../choices.ts";
import { Toggles } from "../parts/toggles.tsx";
import { useChoices } from "./choices.ts";
import { Cut } from "./cut.tsx";
import type { Score } from "./ranking.ts";

const original = "original";
/** Encoders and images that are shown before any are chosen. */
const fewest = 5;
const imagesAtFirst = 6;

/** What each chosen entry painted of the chosen images, below the originals. */
export function Reconstructions({ site, scores }: { site: SiteEvaluation; scores: readonly Score[] }) {
  const [chosen, choose] = useChoices();
  const { pictures } = site;
  const entries = scores.map(({ entry }) => entry.id).filter((id) => pictures.rows.includes(id));
  const images = pictures.columns.map((_, i) => String(i));
  const rows = kept(entries, listed(chosen.rows)) ?? entriesAtFirst(scores, entries);
  const columns = kept(images, listed(chosen.images)) ?? images.slice(0, imagesAtFirst);
  return (
    <section>
      <h2>Look for yourself</h2>
      <p className="lead">
        Originals in the first row, and below them what was painted of each from the tokens alone. Neither the
        encoders’ painters nor anything else here was trained on these images.
      </p>
      <Toggles
        legend="Rows"
        toggles={entries.map((id) => ({ id, shown: id }))}
        chosen={rows}
        choose={(listed) => choose({ rows: listed })}
      />
      <Toggles
        legend="Images"
        pictures
        toggles={images.map((id, i) => ({
          id,
          label: `Image ${i + 1}: ${pictures.columns[i]}`,
          shown: <Picture site={site} row={original} column={i} />,
        }))}
        chosen={columns}
        choose={(listed) => choose({ images: listed })}
      />
      <div className="paintings" style={{ "--images": columns.length } as React.CSSProperties}>
        {[original, ...rows].map((row) => (
          <Fragment key={row}>
            <h3>{row === original ? "The originals" : row}</h3>
            <div className="paintings-row">
              {columns.map((column) => (
                <Picture key={column} site={site} row={row} column={Number(column)} />
              ))}
            </div>
          </Fragment>
        ))}
      </div>
    </section>
  );
}

/** The best encoders, the last of them, and the mean image. */
function entriesAtFirst(scores: readonly Score[], entries: readonly string[]): readonly string[] {
  const ranked = scores.filter(({ rank }) => rank !== null).map(({ entry }) => entry.id);
  const mean = scores.find(({ entry }) => entry.kind === "mean-image")?.entry.id;
  const wanted = new Set([...ranked.slice(0, fewest - 2), ranked.at(-1), mean]);
  return entries.filter((id) => wanted.has(id));
}

function Picture({ site, row, column }: { site: SiteEvaluation; row: string; column: number }) {
  const { url, side, gap, columns, rows } = site.pictures;
  const across = (count: number) => count * (side + gap) - gap;
  const name = columns[column] ?? "";
  return (
    <Cut
      sheet={{ url, width: across(columns.length), height: across(rows.length) }}
      at={{ x: column * (side + gap), y: rows.indexOf(row) * (side + gap), width: side, height: side }}
      alt={row === original ? `The original ${name}` : `${name} as painted: ${row}`}
    />
  );
}
