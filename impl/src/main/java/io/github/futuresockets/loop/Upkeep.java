package io.github.futuresockets.loop;

/** A task of the provider for the driving thread. Every other task of a loop calls code of the user. */
interface Upkeep extends Runnable {}
