/** What every dialog needs: a name for its cross, and a header that is not taken for the page's. */
export const dialog = {
  closeButtonProps: { "aria-label": "Close" },
  attributes: { header: { role: "none" } },
};
