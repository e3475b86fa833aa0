import { useEffect, useState } from "react";

/**
 * What every dialog needs: a name for its cross, a header that is not taken for the page's, and the
 * focus back where it was once the dialog is gone. Mantine gives it back only to a dialog that stays
 * and is shut; ours are taken away.
 */
export function useDialog() {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      // Not before the dialog's own trap has let go of it.
      setTimeout(() => {
        if (before instanceof HTMLElement) before.focus({ preventScroll: true });
      });
    },
    [before],
  );
  return DIALOG;
}

const DIALOG = {
  closeButtonProps: { "aria-label": "Close" },
  attributes: { header: { role: "none" } },
};
