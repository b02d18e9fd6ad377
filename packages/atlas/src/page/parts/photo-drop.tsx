import { type DragEvent, type ReactNode, useEffect } from "react";
import { openFirst } from "../live/photo.ts";

/** Lets a file be dropped on an element. `then` runs once it is read, or is found to be no photo. */
export function dropTarget(then?: () => void): {
  onDragOver: (event: DragEvent<HTMLElement>) => void;
  onDragLeave: (event: DragEvent<HTMLElement>) => void;
  onDrop: (event: DragEvent<HTMLElement>) => void;
} {
  return {
    onDragOver: (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      // Without this the browser would leave the page for the file.
      event.preventDefault();
      event.currentTarget.dataset.dragged = "";
    },
    onDragLeave: (event) => {
      if (event.currentTarget.contains(event.relatedTarget as Node | null)) return;
      delete event.currentTarget.dataset.dragged;
    },
    onDrop: (event) => {
      delete event.currentTarget.dataset.dragged;
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      void openFirst(event.dataTransfer.files).then(then);
    },
  };
}

/** Hears an image pasted anywhere on the page. */
export function usePaste(then: () => void): void {
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files;
      if (files && files.length > 0) void openFirst(files).then(then);
    };
    addEventListener("paste", pasted);
    return () => removeEventListener("paste", pasted);
  }, [then]);
}

/** A button that lets a photo be chosen from the machine. */
export function PhotoButton({
  then,
  first = false,
  children,
}: {
  then: () => void;
  /** Whether it is what the page is for. */
  first?: boolean;
  children: ReactNode;
}) {
  return (
    <label className={`button photo-button ${first ? "button-first" : ""}`}>
      {children}
      <input
        type="file"
        accept="image/*"
        className="hidden"
        onChange={(event) => {
          const input = event.currentTarget;
          void openFirst(input.files)
            .then(then)
            .finally(() => {
              // So that the same file can be chosen again.
              input.value = "";
            });
        }}
      />
    </label>
  );
}
