using Impetus.Server.Http;

namespace Impetus.Server.Observability;

/// <summary>
/// Tells the feed of requests that ask for work: those to <c>/v1</c> that are more than reading. Strangers, who have no key, make no
/// events.
/// </summary>
internal static class RequestEvents
{
    /// <summary>Tells that requests start. Behind routing and all checks.</summary>
    public static void UseRequestEvents(this IApplicationBuilder app)
    {
        var feed = app.ApplicationServices.GetRequiredService<EventFeed>();
        app.Use((context, next) =>
        {
            if (context.GetEndpoint() is not null && !HttpMethods.IsGet(context.Request.Method) && context.Request.Path.StartsWithSegments("/v1"))
            {
                var record = RequestRecord.Of(context);
                record.Announced = true;
                feed.Publish(new RequestEvent(record.Id, "started", RequestLog.RouteOf(context)));
            }

            return next(context);
        });
    }

    /// <summary>Tells that a request is over, if its start was told.</summary>
    public static void Finish(EventFeed feed, HttpContext context, RequestRecord record, TimeSpan elapsed)
    {
        if (!record.Announced)
            return;
        bool answered = record.Model is not null;
        feed.Publish(new RequestEvent(
            record.Id,
            "finished",
            RequestLog.RouteOf(context),
            context.Response.StatusCode,
            record.ErrorCode ?? "ok",
            Math.Round(elapsed.TotalMilliseconds, 1),
            record.Model,
            answered ? record.PromptTokens : null,
            answered ? record.CompletionTokens : null));
    }
}
