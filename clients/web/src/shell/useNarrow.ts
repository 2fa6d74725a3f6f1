import { useSyncExternalStore } from "react";

const phone = () => matchMedia("(max-width: 759.98px)");

function listen(hear: () => void): () => void {
  const media = phone();
  media.addEventListener("change", hear);
  return () => media.removeEventListener("change", hear);
}

/** Whether the page is as narrow as a phone. */
export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => phone().matches);
}
