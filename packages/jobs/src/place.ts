/** Where the database is. */
export type Place =
  /** `postgresql://user:password@host:port/database`: any PostgreSQL from 15 on. */
  | { readonly databaseUrl: string; readonly dataFolder?: undefined }
  /** A PostgreSQL of its own in this folder, shared by all processes of this machine that open it. */
  | { readonly dataFolder: string; readonly databaseUrl?: undefined };
