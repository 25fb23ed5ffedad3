// What the server makes of the app's files.
export const version: string;
export const files: string[];
