// access-token: with what a request shows who asks, and where that comes from.

const signIn = `aws cognito-idp initiate-auth --auth-flow USER_PASSWORD_AUTH --client-id "$CLIENT" \\
  --auth-parameters "USERNAME=$EMAIL,PASSWORD=$PASSWORD" --query AuthenticationResult.AccessToken --output text`;

export const accessToken = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description:
    "The access token of a sign-in at the user pool, by a user whom an operator has made and, to act for sellers, put into their groups:\n\n" +
    `\`\`\`sh\n${signIn}\n\`\`\`\n\n` +
    "The client is the output `apiClient` of the stack. A token is good for an hour; with `REFRESH_TOKEN_AUTH` and the refresh " +
    "token of the sign-in there is a new one. An ID token is refused.",
} as const;
