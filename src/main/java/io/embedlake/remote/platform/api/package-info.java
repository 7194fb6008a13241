/** One class for each API that a job can name as its platform. */
package io.embedlake.remote.platform.api;
