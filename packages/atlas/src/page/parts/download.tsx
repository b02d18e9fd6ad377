import type { ReactNode } from "react";

/** A button that saves a value as a JSON file. */
export function Download({ name, value, children }: { name: string; value: unknown; children: ReactNode }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
    const link = Object.assign(document.createElement("a"), { href: url, download: name });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="button" onClick={save}>
      {children}
    </button>
  );
}
