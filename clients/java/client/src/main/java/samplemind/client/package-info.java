/**
 * A client of SampleMind. {@link samplemind.client.SampleMind} is where it begins; requests and answers are the
 * messages of the API, in the package {@code samplemind.v1}, which carry its documentation.
 */
package samplemind.client;
