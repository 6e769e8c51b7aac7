/** The conformance tests of Reactive Streams, over sockets: classes of TestNG. */
package io.github.futuresockets.impl.flow;
