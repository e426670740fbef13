/** A repository on its server, and the key to it. */
export interface Remote {
  /** Without credentials; see `repositoryUrlFault`. */
  url: string;
  credential: GitCredential | null;
}

export interface GitCredential {
  /** Servers that take tokens mostly ignore it. */
  username: string;
  password: string;
}
