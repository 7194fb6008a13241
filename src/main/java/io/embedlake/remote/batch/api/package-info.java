/** The batch APIs of the providers, a class each. */
package io.embedlake.remote.batch.api;
