import { Component, type ReactNode } from "react";
import { PageError } from "../data/load.ts";

export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <section className="notice" role="alert">
      <h1>{title}</h1>
      {children}
    </section>
  );
}

/** Stands where content will: grey shapes of what comes, and a word for those who hear the page. */
export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="hidden">Loading…</span>
      <div className="ghost ghost-title" />
      <div className="ghost-grid">
        {Array.from({ length: 18 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders without identity
          <div key={i} className="ghost" />
        ))}
      </div>
    </div>
  );
}

export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Notice title="This page could not be shown">
        <p>
          {error instanceof PageError
            ? error.message
            : "Something in the page failed. Reloading often helps."}
        </p>
        {!(error instanceof PageError) && error instanceof Error && <pre>{error.message}</pre>}
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      </Notice>
    );
  }
}
