/** What is special to encrypted sockets. */
package io.github.futuresockets.impl.tls;
