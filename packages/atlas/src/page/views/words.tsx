import type { SiteWords } from "@optogram/render-atlas/site";
import { Suspense, use, useMemo } from "react";
import { useSite } from "../atlas.tsx";
import { plural } from "../format.ts";
import { usePhoto } from "../live/photo.ts";
import { Notice } from "../parts/notice.tsx";
import { dropTarget, PhotoButton, usePaste } from "../parts/photo-drop.tsx";
import { useRestingQuery } from "../resting-query.ts";
import { CalibrationView } from "../words/calibration-view.tsx";
import { useChoices } from "../words/choices.ts";
import { loadWords, type Words } from "../words/data.ts";
import { FoundView } from "../words/found-view.tsx";
import { NamesView } from "../words/names-view.tsx";
import { loadImages } from "../words/networks.ts";
import { PhotoPrompts, type Prompt, Prompts } from "../words/prompts-view.tsx";
import { completions } from "../words/texts.ts";
import { type Typed, useTyped } from "../words/typed.ts";
import "../style/live.css";
import "../style/words.css";

const completionsShown = 6;
const examplesShown = 6;

/** What was asked for further down is seen at once. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

export function WordsView() {
  const { site, encoder, address } = useSite();
  const [{ of }] = useChoices();
  const all = site.words ?? [];
  const chosen = all.find(({ name }) => name === (of ?? encoder?.name)) ?? all[0];
  if (!chosen)
    return (
      <Notice title="This atlas holds no words">
        <a href={address([])}>Go to the start</a>
      </Notice>
    );
  return <WordsPage key={chosen.name} site={chosen} all={all} />;
}

function WordsPage({ site, all }: { site: SiteWords; all: readonly SiteWords[] }) {
  const words = use(loadWords(site));
  const embeddings = use(loadImages(words));
  const [{ calibration }, choose, addressWith] = useChoices();
  const examples = useMemo(() => examplesOf(words), [words]);
  const [text, setText] = useRestingQuery("words", "q", examples[0] ?? "");
  const typed = useTyped(words, text);
  const { direction, of } = typed;
  const prompt = useMemo(
    () => (direction && of ? { text, ids: of, direction } : undefined),
    [text, of, direction],
  );
  const ownPhoto = () => choose({ image: undefined });
  usePaste(ownPhoto);
  return (
    <div className="page page-wide words" {...dropTarget(ownPhoto)}>
      <h1>Which images does a text describe?</h1>
      <p className="lead">
        {site.name} turns texts and images into points of one space. Type, and images come in the order of
        their distance. Both its towers run in this page: <b>nothing leaves your machine</b>.
      </p>
      {all.length > 1 && (
        <label className="words-of">
          Encoder
          <select value={site.name} onChange={({ target }) => choose({ of: target.value, image: undefined })}>
            {all.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      )}
      <input
        type="search"
        className="words-text"
        aria-label="A text"
        aria-describedby="words-read"
        placeholder={examples[0]}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      <Reading words={words} text={text} typed={typed} onComplete={setText} />
      <div className="photo-ways">
        <nav className="words-examples" aria-label="Texts to try">
          <span className="faint">try</span>
          {examples.slice(0, examplesShown).map((example) => (
            <button key={example} type="button" onClick={() => setText(example)}>
              {example}
            </button>
          ))}
        </nav>
        <div className="words-ways">
          <PhotoButton then={ownPhoto}>Ask about a photo</PhotoButton>
          <a className="button" href={addressWith({ calibration: calibration ? undefined : "1" })}>
            {calibration ? "Hide the calibration" : "How sure is that?"}
          </a>
        </div>
      </div>
      {calibration && (
        <Suspense fallback={<p className="faint">Fetching the calibration…</p>}>
          <div ref={intoView} className="words-sure">
            <CalibrationView words={words} />
          </div>
        </Suspense>
      )}
      <Asked words={words} embeddings={embeddings} typed={prompt} />
      {direction && <FoundView words={words} embeddings={embeddings} direction={direction} text={text} />}
      <Suspense fallback={null}>
        <NamesView words={words} text={text} />
      </Suspense>
    </div>
  );
}

/** What is read of the text, and what is not. */
function Reading({
  words,
  text,
  typed: { read, direction, problem },
  onComplete,
}: {
  words: Words;
  text: string;
  typed: Typed;
  onComplete: (text: string) => void;
}) {
  const { text: tower } = words.about;
  const begun = completions(text, tower.vocabulary, completionsShown);
  const { unknown, ids, beyond } = read;
  return (
    <div id="words-read" className="words-read" role="status">
      {problem !== undefined && <p className="problem">{problem}</p>}
      {unknown.length > 0 && (
        <p>
          Not among the {plural(tower.vocabulary.length, "word")} that {words.site.name} reads:{" "}
          <b>{unknown.join(", ")}</b>.{ids.length > 0 && " Left out."}{" "}
          {begun.map((completion) => (
            <button key={completion.word} type="button" onClick={() => onComplete(completion.text)}>
              {completion.word}
            </button>
          ))}
        </p>
      )}
      {beyond > 0 && (
        <p>
          {plural(beyond, "word")} at the end {beyond === 1 ? "is" : "are"} not read: it takes {tower.context}
          .
        </p>
      )}
      {ids.length > 0 && !direction && problem === undefined && (
        <p className="faint">
          Fetching the runtime (4 MB) and the text tower ({(tower.bytes / 2 ** 20).toFixed(1)} MB), once…
        </p>
      )}
      {ids.length === 0 && unknown.length === 0 && <p className="faint">Type what an image should show.</p>}
    </div>
  );
}

/** The image that is asked about, the visitor's own or one of the set, and the texts nearest to it. */
function Asked({
  words,
  embeddings,
  typed,
}: {
  words: Words;
  embeddings: Float32Array;
  typed: Prompt | undefined;
}) {
  const { photo, problem } = usePhoto();
  const [{ image }, , addressWith] = useChoices();
  const at = image === undefined ? -1 : Number(image);
  const known = words.images[at];
  const d = words.about.dimension;
  const embedding = useMemo(() => embeddings.subarray(at * d, (at + 1) * d), [embeddings, at, d]);
  return (
    <>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {(known || photo) && (
        <section key={known ? image : photo?.id} ref={intoView} className="words-asked">
          <figure>
            <img src={known?.picture ?? photo?.url} alt={known?.name ?? photo?.name} />
            <figcaption>{known?.name ?? photo?.name}</figcaption>
            {known && <a href={addressWith({ image: undefined })}>Close</a>}
          </figure>
          <div>
            <h2>What it says of this image</h2>
            {known ? (
              <Prompts words={words} embedding={embedding} typed={typed} />
            ) : (
              photo && <PhotoPrompts key={photo.id} words={words} photo={photo} typed={typed} />
            )}
          </div>
        </section>
      )}
    </>
  );
}

function examplesOf({ texts }: Words): readonly string[] {
  const of = (role: string) => texts.filter((text) => text.role === role).map(({ text }) => text);
  const queries = of("query");
  return queries.length > 0 ? queries : of("class");
}
