/** From an error reply to its cause: tables of status, code and words, one for each provider and one for all. */
package io.embedlake.remote.format.fault;
