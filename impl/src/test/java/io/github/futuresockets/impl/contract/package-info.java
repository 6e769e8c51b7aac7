/**
 * What every provider has to keep: the contract of the API, one class of tests for each concern, each test named after
 * the clause and the promise that it holds to.
 *
 * <p>A provider runs them all by one small class that extends {@link SocketContract}. A concern is an abstract class that
 * extends {@link ContractTest} and is listed in {@link SocketContract}.
 */
@NullMarked
package io.github.futuresockets.impl.contract;

import org.jspecify.annotations.NullMarked;
