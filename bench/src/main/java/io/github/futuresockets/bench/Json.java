package io.github.futuresockets.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;

/** Results as text: for another process in one line, for people in many. */
final class Json {
    private static final GsonBuilder BUILDER = new GsonBuilder().disableHtmlEscaping();

    static final Gson LINE = BUILDER.create();
    static final Gson PAGE = BUILDER.setPrettyPrinting().create();

    private Json() {}
}
