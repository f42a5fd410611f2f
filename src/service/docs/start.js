SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  // Else Swagger UI would ask a server of its own whether the document is valid.
  validatorUrl: null,
});
