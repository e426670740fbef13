#!/bin/sh
# Answers git when it asks for a user name or a password, but only for the server that the credential belongs to: a server
# that redirects elsewhere gets nothing.
case "$1" in
"Username for '$PAWL_GIT_SCHEME://$PAWL_GIT_HOST': ") printf '%s\n' "$PAWL_GIT_USERNAME" ;;
"Password for '$PAWL_GIT_SCHEME://$PAWL_GIT_USERNAME@$PAWL_GIT_HOST': ") printf '%s\n' "$PAWL_GIT_PASSWORD" ;;
*) exit 1 ;;
esac
