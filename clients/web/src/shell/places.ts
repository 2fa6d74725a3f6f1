import { AudioLines, CircleDot, LayoutDashboard, LibraryBig, Settings2, Upload } from "lucide-react";

/** The pages of the app, in the order of its navigation. */
export const PLACES = [
  { path: "/dashboard", name: "Dashboard", Icon: LayoutDashboard, phone: true },
  { path: "/library", name: "Library", Icon: LibraryBig, phone: true },
  { path: "/upload", name: "Uploads", Icon: Upload, phone: true },
  { path: "/gallery", name: "Gallery", Icon: CircleDot, phone: true },
  { path: "/live", name: "Live", Icon: AudioLines, phone: false },
  { path: "/settings", name: "Settings", Icon: Settings2, phone: true },
] as const;
