/** The APIs that a job can name as its platform, each described in one class. */
package io.embedlake.remote.platform.api;
