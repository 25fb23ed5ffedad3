using Countersign.Server.OpenApi;
using Countersign.Server.Requests;

namespace Countersign.Server.Workflows;

/// <summary>How endpoints of the workflow API describe themselves: their documents have members that nobody knows, so they are any JSON.</summary>
internal static class WorkflowDescriptions
{
    extension(RouteHandlerBuilder builder)
    {
        /// <summary>Takes an object.</summary>
        public RouteHandlerBuilder TakesJson() => builder.TakesBody<AnyShape>();

        /// <summary>Takes a list.</summary>
        public RouteHandlerBuilder TakesList() => builder.TakesBody<AnyShape[]>();

        /// <summary>Takes a list of texts.</summary>
        public RouteHandlerBuilder TakesTexts() => builder.TakesBody<string[]>();

        /// <summary>Answers an object.</summary>
        public RouteHandlerBuilder AnswersJson() => builder.Answers<AnyShape>();

        /// <summary>Answers a list.</summary>
        public RouteHandlerBuilder AnswersList() => builder.Answers<AnyShape[]>();

        /// <summary>Answers a bare text.</summary>
        public RouteHandlerBuilder AnswersText() => builder.Produces<string>(StatusCodes.Status200OK, "text/plain");

        /// <summary>Answers 200 with nothing.</summary>
        public RouteHandlerBuilder AnswersEmpty() => builder.Produces(StatusCodes.Status200OK);
    }
}

/// <summary>An object of the workflow API, with whatever members it has.</summary>
internal sealed record AnyShape;
