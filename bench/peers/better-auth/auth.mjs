// better-auth with its two-factor plug-in on PostgreSQL, as its documentation sets it up.
import { betterAuth } from "better-auth";
import { twoFactor } from "better-auth/plugins/two-factor";
import pg from "pg";

export const address = process.env.BETTER_AUTH_URL;
export const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

export const options = {
  appName: "bench",
  baseURL: address,
  secret: process.env.BETTER_AUTH_SECRET,
  database,
  telemetry: { enabled: false },
  // Off, as Countersign's limit on requests is raised for the run: what a check costs is asked here, not who may ask.
  rateLimit: { enabled: false },
  plugins: [
    twoFactor({
      issuer: "bench",
      // The lockout stays on; only its limit is raised, as it is for the other programs.
      accountLockout: { enabled: true, maxFailedAttempts: 1_000_000 },
    }),
  ],
};

export const auth = betterAuth(options);
