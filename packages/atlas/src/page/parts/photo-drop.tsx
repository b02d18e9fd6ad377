import { type DragEvent, type ReactNode, useEffect } from "react";
import { openFirst } from "../live/photo.ts";

/** Lets a file be dropped on an element. `then` runs once it is read, or is found to be no photo. */
export function dropTarget(then?: () => void): {
  onDragOver: (event: DragEvent) => void;
  onDrop: (event: DragEvent) => void;
} {
  return {
    // Without this the browser would leave the page for the file.
    onDragOver: (event) => event.preventDefault(),
    onDrop: (event) => {
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
export function PhotoButton({ then, children }: { then: () => void; children: ReactNode }) {
  return (
    <label className="button button-first photo-button">
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
