namespace Impetus.Server.Http;

/// <summary>A request that is answered with an error in OpenAI's shape: a status, and a message for the person who sent it.</summary>
public sealed class ApiException(int status, string message, string? code = null, string? param = null, string? type = null)
    : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>OpenAI's machine-readable reason, such as <c>model_not_found</c>.</summary>
    public string? Code { get; } = code;

    /// <summary>The path of the field that is at fault, such as <c>messages[2].content</c>.</summary>
    public string? Param { get; } = param;

    /// <summary>OpenAI's kind of error.</summary>
    public string Type { get; } = type ?? (status >= 500 ? "server_error" : "invalid_request_error");

    /// <summary>When trying again may help, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>400: a field's value is wrong.</summary>
    public static ApiException Invalid(string? param, string message, string code = "invalid_value") =>
        new(StatusCodes.Status400BadRequest, message, code, param);

    /// <summary>400: a field that we know and cannot honour.</summary>
    public static ApiException Unsupported(string param, string message) =>
        new(StatusCodes.Status400BadRequest, message, "unsupported_parameter", param);

    /// <summary>503: the server cannot take the request now.</summary>
    public static ApiException Unavailable(string message, string code, int retryAfterSeconds) =>
        new(StatusCodes.Status503ServiceUnavailable, message, code) { RetryAfterSeconds = retryAfterSeconds };
}
