// Where `quiesce lab` keeps things: the application it builds, which can be thrown away, and what a user has set, which cannot.

import {join} from "node:path";
import type {Surroundings} from "../notebook/install/jupyter-folders.ts";

/** Holds one folder for each application that was built. XDG_CACHE_HOME moves it. */
export function cacheFolder({env, platform, home}: Surroundings): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "quiesce", "lab");
  if (platform === "darwin") return join(home, "Library", "Caches", "quiesce", "lab");
  if (platform === "win32") {
    return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "quiesce", "lab");
  }
  return join(home, ".cache", "quiesce", "lab");
}

/** Holds settings and layouts. XDG_CONFIG_HOME moves it. */
export function settingsFolder({env, platform, home}: Surroundings): string {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, "quiesce", "lab");
  if (platform === "win32") {
    return join(env.APPDATA ?? join(home, "AppData", "Roaming"), "quiesce", "lab");
  }
  return join(home, ".config", "quiesce", "lab");
}
