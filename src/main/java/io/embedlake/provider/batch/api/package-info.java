/** The batch APIs of the providers, a class each. */
package io.embedlake.provider.batch.api;
