import type { Report } from '../progress.ts';

/** Something that the machine must have for a part of Pawl to work. */
export interface Requirement {
  id: string;
  name: string;
  neededFor: string;
  check(): Promise<Finding>;
  /** Packages of a Debian-like system that bring it. */
  aptPackages: readonly string[];
  /** What is still to do once it is installed, e.g. to start a service. */
  activate?(report: Report): Promise<void>;
  /** What somebody does who installs it by hand. */
  byHand: string;
  without: string;
}

/** What a look at the machine found: a version or place, or what is wrong. */
export interface Finding {
  isThere: boolean;
  detail: string;
}

/** It is there; `detail` says which or where. */
export function found(detail: string): Finding {
  return { isThere: true, detail };
}

/** It is not there, or not usable; `detail` says why. */
export function missing(detail: string): Finding {
  return { isThere: false, detail };
}
