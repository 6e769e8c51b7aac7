package io.github.futuresockets.loop;

/** A task of the provider itself, for the thread that drives a loop. Every other task calls code of the user. */
interface Upkeep extends Runnable {}
