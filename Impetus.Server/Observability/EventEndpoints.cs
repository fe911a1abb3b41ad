using System.Net.WebSockets;
using System.Text.Json;
using Impetus.Server.Http;
using Impetus.Server.Security;

namespace Impetus.Server.Observability;

/// <summary>The feed of events over HTTP: as server-sent events, and over a WebSocket.</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Field<string> LastEventId = Fields.Text(
        "last_event_id", "The id of the last event that was heard; what came after it follows. The header Last-Event-ID says the same.", 100);

    private static readonly Contract Query = new("EventQuery", [LastEventId]);

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/events", StreamAsync).Describe(
            "Tells what happens, as server-sent events: models, memory, requests, documents that are added.",
            parts: () => EventJson.Wire.ServerEvent, query: Query);
        routes.MapGet("/ws", SocketAsync).Describe(
            "Tells the same over a WebSocket, one JSON object a message.",
            parts: () => EventJson.Wire.ServerEvent, status: StatusCodes.Status101SwitchingProtocols, query: Query);
    }

    private static async Task StreamAsync(HttpContext context)
    {
        using var seat = Feed(context).TakeSeat();
        using var cancel = Ends(context);
        var stream = new EventStream(context);
        try
        {
            await foreach (var happened in Feed(context).FollowAsync(After(context), Heartbeat, cancel.Token))
            {
                stream.Write(happened, EventJson.Wire.ServerEvent, happened.Id, happened.Kind);
                await stream.FlushAsync();
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The server stops; the client comes back when it runs again.
        }
    }

    private static async Task SocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new ApiException(
                StatusCodes.Status426UpgradeRequired, "This route speaks WebSocket alone. GET /api/events tells the same over HTTP.", "upgrade_required");
        }

        using var seat = Feed(context).TakeSeat();
        using var cancel = Ends(context);
        string? after = After(context);
        // A client that offers protocols must be told one of them, and never the one with its key.
        bool named = context.WebSockets.WebSocketRequestedProtocols.Contains(KeyCheck.SocketProtocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(named ? KeyCheck.SocketProtocol : null);
        var leaves = ListenAsync(socket, cancel);
        try
        {
            await foreach (var happened in Feed(context).FollowAsync(after, Heartbeat, cancel.Token))
                await socket.SendAsync(
                    JsonSerializer.SerializeToUtf8Bytes(happened, EventJson.Wire.ServerEvent), WebSocketMessageType.Text, true, context.RequestAborted);
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException)
        {
            await FarewellAsync(socket);
        }

        // An answer to the farewell is waited for, but not for long.
        if (await Task.WhenAny(leaves, Task.Delay(Patience)) != leaves)
            socket.Abort();
        await leaves;
    }

    /// <summary>Reads until the client says farewell. What else it says is of no consequence.</summary>
    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource ends)
    {
        byte[] unread = new byte[1024];
        try
        {
            // Cancelling would tear the connection down without a farewell.
            while ((await socket.ReceiveAsync(unread.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // It left without one.
        }

        await ends.CancelAsync();
    }

    private static async Task FarewellAsync(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
            else if (socket.State == WebSocketState.Open)
                await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "The server is shutting down.", patience.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or WebSocketException)
        {
            // It is gone already.
        }
    }

    private static EventFeed Feed(HttpContext context) => context.RequestServices.GetRequiredService<EventFeed>();

    private static string? After(HttpContext context) =>
        QueryFields.Read(context, Query).Get(LastEventId) ?? (context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? id : null);

    private static CancellationTokenSource Ends(HttpContext context) => CancellationTokenSource.CreateLinkedTokenSource(
        context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
}
