/** The shells whose command lines can be completed. */
export const shells = ["bash", "zsh", "fish"] as const;
