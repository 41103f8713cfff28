// Times as metadata and conditions have them: RFC 3339, whole seconds.

export const timestamp = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
